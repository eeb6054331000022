-- Tokens that end by themselves, and keys that are about to expire: what the upkeep looks for has an index with nothing else
-- in it, so that looking costs next to nothing however many keys there are.

-- When the next notice of the expiry is due; NULL when there is none ahead.
ALTER TABLE keys ADD COLUMN expiry_notice_at BIGINT;

-- Notices of keys that expire already: as if their expiry had been set when they were last changed.
UPDATE keys SET expiry_notice_at = CASE
    WHEN expires_at - 2592000000000 > updated_at THEN expires_at - 2592000000000
    WHEN expires_at - 604800000000 > updated_at THEN expires_at - 604800000000
    WHEN expires_at - 86400000000 > updated_at THEN expires_at - 86400000000
    END
WHERE expires_at IS NOT NULL;

CREATE INDEX keys_by_expiry_notice ON keys (expiry_notice_at) WHERE expiry_notice_at IS NOT NULL AND state <> 'revoked';

-- Ciphertexts that go when their token ends.
CREATE INDEX key_tokens_that_end ON key_tokens (ends_at) WHERE ends_at IS NOT NULL AND ciphertext IS NOT NULL;
