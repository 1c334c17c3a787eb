SELECT
    year,
    COUNT(*) AS reports,
    COUNT(*) - COUNT(received) AS incomplete,
    COUNT(received) AS bodies,
    CASE WHEN COUNT(received) > 0 THEN SUM(received) END AS received,
    CAST(SUM(received) AS DOUBLE) / NULLIF(COUNT(received), 0) AS mean,
    MAX(received) AS most,
    COUNT(CASE WHEN received = 0 THEN 1 END) AS without,
    CASE WHEN COUNT(received) > 0 THEN 'own' END AS scope_used
FROM v_requests
WHERE scope = 'own'
    AND year BETWEEN :from AND :to
    AND (:region_level = 0 OR region_code BETWEEN :region_from AND :region_to)
    AND (:level < 0 OR level = :level)
    AND (:kind = 'all' OR kind = :kind)
GROUP BY year
ORDER BY year
