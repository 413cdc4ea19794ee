import { type TNull, type TOptional, type TSchema, type TUnion, Type } from 'typebox'

/** What null stands for, too. */
export const nullable = <Schema extends TSchema>(schema: Schema): TUnion<[Schema, TNull]> =>
  Type.Union([schema, Type.Null()])

/** What may be left out, which null says too. */
export const optional = <Schema extends TSchema>(schema: Schema): TOptional<TUnion<[Schema, TNull]>> =>
  Type.Optional(nullable(schema))

/** A text, or null. */
export const NullableText = nullable(Type.String())
