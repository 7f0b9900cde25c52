delete from app.document_field where tenant_id = :tenant_id and document_id = :document_id
