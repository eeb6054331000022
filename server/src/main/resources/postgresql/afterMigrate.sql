-- Texts are compared and sorted byte by byte, as SQLite does it, whatever the database's own collation is: pages, cursors
-- and searches by prefix rely on it. Run at every start, so that columns of every migration are covered; where there is
-- nothing to do, it changes nothing. Texts stay where they are; only indexes are built anew.
DO $$
DECLARE
    t RECORD;
BEGIN
    FOR t IN
        SELECT c.table_name,
               string_agg(format('ALTER COLUMN %I TYPE TEXT COLLATE "C"', c.column_name), ', '
                          ORDER BY c.ordinal_position) AS columns
        FROM information_schema.columns c
        JOIN information_schema.tables b USING (table_schema, table_name)
        WHERE c.table_schema = current_schema() AND b.table_type = 'BASE TABLE'
          AND c.table_name <> 'flyway_schema_history'
          AND c.data_type = 'text' AND c.collation_name IS DISTINCT FROM 'C'
        GROUP BY c.table_name
        ORDER BY c.table_name
    LOOP
        EXECUTE format('ALTER TABLE %I %s', t.table_name, t.columns);
    END LOOP;
END
$$;
