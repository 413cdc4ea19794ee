/** What an import did with a part of a document that it could not take as it stands. */
export interface ImportNote {
  /** The place in the document (RFC 6901); empty for the document as a whole. */
  readonly pointer: string
  /** `assumed`: read as what it surely means. `unusable`: lets nobody in. `ignored`: left out. */
  readonly kind: 'assumed' | 'unusable' | 'ignored'
  readonly message: string
}

/** Takes a note. */
export type AddNote = (kind: ImportNote['kind'], pointer: string, message: string) => void

const MAX_NOTES = 1000
const MAX_QUOTED_CHARACTERS = 80

/** Gathers notes, and counts those beyond the first thousand. */
export function gatherNotes(): { add: AddNote; all(): ImportNote[] } {
  const notes: ImportNote[] = []
  let omitted = 0
  return {
    add(kind, pointer, message) {
      if (notes.length < MAX_NOTES) notes.push({ pointer, kind, message })
      else omitted++
    },
    all() {
      if (omitted === 0) return notes
      return [...notes, { pointer: '', kind: 'ignored', message: `${omitted} more notes are left out of this list.` }]
    },
  }
}

/** A name from a document as a message may carry it: in quotes, and short. */
export function quoted(name: string): string {
  return JSON.stringify(name.length > MAX_QUOTED_CHARACTERS ? `${name.slice(0, MAX_QUOTED_CHARACTERS)}...` : name)
}
