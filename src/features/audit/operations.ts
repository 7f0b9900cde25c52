// What can be asked of the audit.
import type { Operation } from '../../gate/operation.ts'
import { listAudit } from './list-audit.ts'
import { listDeploymentAudit } from './list-deployment-audit.ts'
import { verifyAudit } from './verify-audit.ts'
import { verifyDeploymentAudit } from './verify-deployment-audit.ts'
import { verifyLedger } from './verify-ledger.ts'

export function operations(): Operation[] {
  return [listAudit, verifyAudit, listDeploymentAudit, verifyDeploymentAudit, verifyLedger]
}
