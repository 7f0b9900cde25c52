// The making of a tenant for components: how far it is, what went wrong, and trying again from there.
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import type { Tenant } from '../../../../api/operations.gen.ts'
import { type MadeTenant, makeTenant, type NewTenant, type Stage } from './make-tenant.ts'

export interface TenantMaking {
  /** Undefined while nothing is under way and nothing has failed. */
  readonly done: readonly Stage[] | undefined
  readonly isBusy: boolean
  readonly problem: unknown
  readonly registered: Tenant | undefined
  make(wanted: NewTenant): Promise<MadeTenant | undefined>
}

/** Undefined is answered for what failed; `problem` says why. */
export function useMaking(): TenantMaking {
  const client = useQueryClient()
  const [done, setDone] = useState<readonly Stage[]>()
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>()
  const [registered, setRegistered] = useState<Tenant>()
  const under = useRef<AbortController>(undefined)
  useEffect(() => () => under.current?.abort(), [])
  const make = async (wanted: NewTenant) => {
    const controller = new AbortController()
    under.current = controller
    setBusy(true)
    setProblem(undefined)
    setDone([])
    try {
      return await makeTenant(wanted, registered, {
        signal: controller.signal,
        onStage: stage => setDone(old => [...(old ?? []), stage]),
        onRegistered: setRegistered,
      })
    } catch (error) {
      if (!controller.signal.aborted) setProblem(error)
      return undefined
    } finally {
      setBusy(false)
      void client.invalidateQueries({ queryKey: ['list_tenants'] })
    }
  }
  return { done, isBusy, problem, registered, make }
}
