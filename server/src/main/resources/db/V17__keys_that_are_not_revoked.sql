-- The list without revoked keys, and that of expired ones: in each order along an index in which they stand together, and
-- which tells by itself which have expired.
CREATE INDEX keys_unrevoked_by_creation ON keys (organization_id, (CASE WHEN state = 'revoked' THEN 1 ELSE 0 END), created_at, id, expires_at);
CREATE INDEX keys_unrevoked_by_name ON keys (organization_id, (CASE WHEN state = 'revoked' THEN 1 ELSE 0 END), name_folded, id, expires_at);
CREATE INDEX keys_unrevoked_by_type ON keys (organization_id, (CASE WHEN state = 'revoked' THEN 1 ELSE 0 END), type, created_at, id, expires_at);
