-- The refresh token before the newest stays good until the newest, or access that came with it, was used: heard is the highest
-- rotation of which that is known, and visitor_access.rotation says with which one access came.
ALTER TABLE visitor_sessions ADD COLUMN heard BIGINT NOT NULL DEFAULT 0;
ALTER TABLE visitor_access ADD COLUMN rotation BIGINT NOT NULL DEFAULT 0;
