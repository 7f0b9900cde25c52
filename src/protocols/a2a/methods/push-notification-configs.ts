// The four methods of push notifications. This server has none, the card says so, and every one is refused alike.
import { fault } from '../../../platform/faults.ts'

export async function refusePushNotifications(): Promise<never> {
  throw fault('unsupported', {
    reason: 'push_notifications',
    say: 'This agent sends no push notifications; follow the task with SubscribeToTask.',
  })
}
