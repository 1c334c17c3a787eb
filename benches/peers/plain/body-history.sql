WITH wanted AS (
    SELECT series_id AS wanted_id
    FROM v_body
    WHERE :organ = '' OR organ = :organ
    GROUP BY series_id
)
SELECT
    organ,
    region_code,
    year,
    edition,
    scope,
    received,
    carried_in,
    processed,
    granted + partially_granted AS disclosed,
    CAST(granted + partially_granted AS DOUBLE) / NULLIF(processed, 0) AS disclosure_rate,
    carried_out
FROM v_requests
INNER JOIN wanted ON series_id = wanted_id
WHERE scope = :scope
    AND year BETWEEN :from AND :to
    AND (:region_level = 0 OR region_code BETWEEN :region_from AND :region_to)
ORDER BY COALESCE(region_code, '999999'), series_id, year, organ
