// The operations whose answer holds a credential, each with its reason. A test compares the list with the outputs of
// the whole catalog: no other operation may have a field that looks like one.

export const credentialAnswers: Readonly<Record<string, string>> = {
  create_token: 'a signed access token, shown once and not stored.',
  create_own_token: 'a signed access token, shown once and not stored.',
  create_api_key: 'the API key, shown once; what is stored of it is a hash.',
  create_operator_key: 'the operator key, shown once; what is stored of it is a hash.',
  create_webhook: 'the secret its posts are signed with, shown once; no call can read it back.',
  invite_user: 'the one-time link of the invitation, to be handed on.',
  appoint_owner: 'the one-time link of the invitation, to be handed on.',
  invite_operator: 'the one-time link of the invitation, to be handed on.',
  reset_user_password: 'the one-time link to set a password, to be handed on.',
  reset_account: 'the one-time link to set a password, to be handed on.',
}
