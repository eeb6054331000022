-- Organizations that were deleted. Until kept_until the operator can restore one. Then all that it has is erased, from erasing_at
-- on, and at erased_at nothing is left but this row, without name and subdomain. All the while its state is 'suspended': what
-- verifiers of every version refuse. deleted_from is the state before, which restoring gives back.
ALTER TABLE organizations ADD COLUMN deleted_at BIGINT;
ALTER TABLE organizations ADD COLUMN deleted_from TEXT;
ALTER TABLE organizations ADD COLUMN kept_until BIGINT;
ALTER TABLE organizations ADD COLUMN erasing_at BIGINT;
ALTER TABLE organizations ADD COLUMN erased_at BIGINT;
CREATE INDEX organizations_to_erase ON organizations (kept_until) WHERE kept_until IS NOT NULL AND erased_at IS NULL;

-- Visitors are erased a batch at a time, those of one organization.
CREATE INDEX visitors_by_organization ON visitors (organization_id, id);
