-- Conditions on a key's callers, as JSON; nothing for a key that may be used from anywhere.
ALTER TABLE keys ADD COLUMN restrictions TEXT;
