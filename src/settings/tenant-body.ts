import { type Static, Type } from 'typebox'
import { originsOf, type PublicAddress } from '../tenants/origins.ts'
import type { Tenant } from '../tenants/tenant.ts'

/** A tenant and what it has, as ISC describes one. */
export const TenantBody = Type.Object({
  id: Type.String(),
  name: Type.String(),
  fullName: Type.String(),
  pod: Type.String(),
  region: Type.String(),
  description: Type.String(),
  products: Type.Array(
    Type.Object({
      productName: Type.String(),
      url: Type.String(),
      productTenantId: Type.String(),
      productRegion: Type.String(),
      productRight: Type.String(),
      apiUrl: Type.String(),
      licenses: Type.Array(Type.Object({ licenseId: Type.String(), legacyFeatureName: Type.String() })),
      attributes: Type.Object({}, { additionalProperties: true }),
      zone: Type.String(),
      status: Type.String(),
    }),
  ),
})
type TenantBody = Static<typeof TenantBody>

/** What a tenant says of itself; its cell is its region too. */
export function describeTenant(tenant: Tenant, { address, pod }: { address: PublicAddress; pod: string }): TenantBody {
  const { api, console } = originsOf(tenant, address)
  return {
    id: tenant.id,
    name: tenant.name,
    fullName: tenant.displayName,
    pod,
    region: pod,
    description: '',
    products: [
      {
        productName: 'sallyport',
        url: console,
        productTenantId: tenant.id,
        productRegion: pod,
        productRight: 'idn:tenant:read',
        apiUrl: api,
        licenses: [],
        attributes: {},
        zone: pod,
        status: 'active',
      },
    ],
  }
}
