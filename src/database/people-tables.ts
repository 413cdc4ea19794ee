/** A user level that an administrator composed of right sets. */
export interface UserLevelTable {
  tenant_id: string
  id: string
  /** 1..100: two levels of a tenant cannot share a slot, so one more has nowhere to go. */
  slot: number
  name: string
  /** The name without its case: no two levels differ by case alone. */
  folded_name: string
  description: string
  owner_id: string
  right_sets: string
  status: 'DRAFT' | 'ACTIVE'
  created_at: number
  modified_at: number
}

/** Which attributes everybody may see of everybody in a tenant. */
export interface PublicIdentityConfigTable {
  tenant_id: string
  attributes: string
  modified_by: string | null
  modified_at: number
}
