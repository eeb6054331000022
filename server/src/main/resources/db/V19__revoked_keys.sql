-- Keys that were revoked long ago are forgotten: finding them costs next to nothing however many keys there are.
CREATE INDEX keys_by_revocation ON keys (state_changed_at) WHERE state = 'revoked';
