-- As the article prints it ("Hybrid Search"), the ellipsis filled in and the parameters numbered on.
WITH bm25_results AS (
    SELECT
        id,
        ts_rank_cd(
            to_tsvector('english', title || ' ' || content),
            plainto_tsquery('english', $1)
        ) AS bm25_score,
        ROW_NUMBER() OVER (ORDER BY ts_rank_cd(
            to_tsvector('english', title || ' ' || content),
            plainto_tsquery('english', $1)
        ) DESC) AS bm25_rank
    FROM article.documents
    WHERE to_tsvector('english', title || ' ' || content) @@ plainto_tsquery('english', $1)
),
vector_results AS (
    SELECT
        id,
        1 - (embedding <=> $2) AS vector_score,
        ROW_NUMBER() OVER (ORDER BY embedding <=> $2) AS vector_rank
    FROM article.documents
    WHERE embedding IS NOT NULL
),
combined AS (
    SELECT
        COALESCE(b.id, v.id) AS id,
        (
            COALESCE(1.0 / (60 + b.bm25_rank), 0) * $3 +
            COALESCE(1.0 / (60 + v.vector_rank), 0) * $4
        ) AS combined_score
    FROM bm25_results b
    FULL OUTER JOIN vector_results v ON b.id = v.id
)
SELECT * FROM combined
ORDER BY combined_score DESC
LIMIT $5
