-- As the article prints it ("The NULL Embedding Problem"); `query` stands for the tsquery of the words.
WITH bm25_results AS (
    SELECT id, ts_rank(to_tsvector('english', content), plainto_tsquery('english', $1)) AS bm25_score
    FROM article.documents
    WHERE to_tsvector('english', content) @@ plainto_tsquery('english', $1)
),
vector_results AS (
    SELECT id, 1 - (embedding <=> $2) AS vector_score
    FROM article.documents
    WHERE embedding IS NOT NULL
)
SELECT
    d.*,
    COALESCE(b.bm25_score, 0) AS bm25_score,
    COALESCE(v.vector_score, 0) AS vector_score,
    ($3 * COALESCE(b.bm25_score, 0) + $4 * COALESCE(v.vector_score, 0)) AS combined_score
FROM article.documents d
LEFT JOIN bm25_results b ON d.id = b.id
LEFT JOIN vector_results v ON d.id = v.id
WHERE COALESCE(b.bm25_score, 0) > 0 OR COALESCE(v.vector_score, 0) > 0
ORDER BY combined_score DESC
LIMIT $5
