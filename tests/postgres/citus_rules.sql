-- Stands in for Citus in tests of the schema: its two functions, which do nothing but refuse what Citus would refuse.
-- Source: Citus documentation, "SQL Support and Workarounds" and "Creating and Modifying Distributed Objects": a unique key
-- holds the distribution column, a foreign key joins co-located tables by it, there are no triggers.

CREATE TABLE distributed (relation regclass PRIMARY KEY, by text, colocated text);

CREATE FUNCTION create_reference_table(relation regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM pg_trigger WHERE tgrelid = relation AND NOT tgisinternal) THEN
        RAISE '% has triggers', relation;
    END IF;
    INSERT INTO distributed VALUES (relation, NULL, NULL);
END $$;

CREATE FUNCTION create_distributed_table(relation regclass, by text, colocate_with text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    own pg_attribute;
    other record;
    found record;
BEGIN
    PERFORM create_reference_table(relation);
    SELECT * INTO STRICT own FROM pg_attribute WHERE attrelid = relation AND attname = by;
    IF own.attgenerated <> '' OR NOT own.attnotnull THEN
        RAISE '%.% is generated, or may be null', relation, by;
    END IF;
    FOR found IN SELECT * FROM pg_index WHERE indrelid = relation AND indisunique LOOP
        IF NOT own.attnum = ANY (found.indkey) THEN
            RAISE 'the unique index % lacks %', found.indexrelid::regclass, by;
        END IF;
    END LOOP;
    IF EXISTS (SELECT 1 FROM pg_constraint WHERE conrelid = relation AND contype = 'x') THEN
        RAISE '% has exclusion constraints', relation;
    END IF;
    IF colocate_with <> 'none' THEN
        SELECT a.* INTO STRICT other FROM distributed d
            JOIN pg_attribute a ON a.attrelid = d.relation AND a.attname = d.by WHERE d.relation = colocate_with::regclass;
        IF (other.atttypid, other.attcollation) <> (own.atttypid, own.attcollation) THEN
            RAISE '%.% is of another type than that of %', relation, by, colocate_with;
        END IF;
    END IF;
    UPDATE distributed d SET by = create_distributed_table.by, colocated = coalesce(nullif(colocate_with, 'none'), d.relation::text)
        WHERE d.relation = create_distributed_table.relation;
    FOR found IN
        SELECT c.conname, d.by AS by_there, d.colocated AS group_there,
            array_position(c.conkey, own.attnum) AS here,
            array_position(c.confkey, (SELECT attnum FROM pg_attribute a WHERE a.attrelid = c.confrelid AND a.attname = d.by)) AS there
        FROM pg_constraint c LEFT JOIN distributed d ON d.relation = c.confrelid
        WHERE c.conrelid = create_distributed_table.relation AND c.contype = 'f'
    LOOP
        IF found.group_there IS DISTINCT FROM (SELECT colocated FROM distributed d WHERE d.relation = create_distributed_table.relation)
            OR found.here IS NULL OR found.here IS DISTINCT FROM found.there THEN
            RAISE 'the foreign key % does not join co-located tables by their distribution columns', found.conname;
        END IF;
    END LOOP;
END $$;
