-- The session that an identity opened: presented there again, after an answer that was lost, it opens the same one.
ALTER TABLE identities_used ADD COLUMN session_id TEXT;
-- The secret before the present one signs beside it until then. It is encrypted like that one, and erased afterwards.
ALTER TABLE assistants ADD COLUMN webhook_former_secret TEXT;
ALTER TABLE assistants ADD COLUMN webhook_former_until BIGINT;
