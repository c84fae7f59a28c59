// Bugs that somebody could make, each as a small change of production code. The simulator has to find them all.

export interface PlantedBug {
  readonly name: string;
  /** In src. */
  readonly file: string;
  /** Occurs exactly once. */
  readonly find: string;
  readonly replace: string;
}

export const PLANTED_BUGS: readonly PlantedBug[] = [
  {
    name: 'a 409 is ignored',
    file: 'controller/refusal.ts',
    find: "if (isConflict(error) || isReplaced(error)) return { kind: 'outdated' };",
    replace: "if (isConflict(error) || isReplaced(error)) return { kind: 'gone' };",
  },
  {
    name: 'the patch of a ServiceAccount lacks the resourceVersion',
    file: 'controller/change-request.ts',
    find: '      resourceVersion,\n      annotations: { [PULL_SECRETS_ANNOTATION]',
    replace: '      annotations: { [PULL_SECRETS_ANNOTATION]',
  },
  {
    name: 'the Secret goes before the references to it',
    file: 'core/plan.ts',
    find: 'changes: [...patches, ...decisions.flatMap(({ change }) => change ?? [])],',
    replace:
      'changes: [...patches, ...decisions.flatMap(({ change }) => change ?? []), ...decisions.flatMap(({ afterReferences }) => afterReferences ?? [])],',
  },
  {
    name: 'the annotation is forgotten',
    file: 'controller/change-request.ts',
    find: "ownPullSecrets.join(',') || null",
    replace: 'null',
  },
  {
    name: 'a new list keeps what was deleted meanwhile',
    file: 'controller/record-store.ts',
    find: '      this.forget(record);\n      changes.push([record, undefined]);',
    replace:
      '      if (!wentBack) continue;\n      this.forget(record);\n      changes.push([record, undefined]);',
  },
  {
    name: 'a watch goes on one event too late',
    file: 'kube/watch-progress.ts',
    find: "return { allowWatchBookmarks: 'true', resourceVersion: this.#resourceVersion };",
    replace:
      "return { allowWatchBookmarks: 'true', resourceVersion: String(Number(this.#resourceVersion) + 1) };",
  },
  {
    name: 'after a restart a failing source counts as one that gives nothing',
    file: 'controller/registry-states.ts',
    find: 'before !== undefined || !isHandedOut({ name: credential }, world))',
    replace: 'before !== undefined || isHandedOut({ name: credential }, world) || true)',
  },
  {
    name: 'every apply is forced',
    file: 'controller/change-request.ts',
    find: 'force: String(uid !== undefined)',
    replace: "force: 'true'",
  },
  {
    name: 'an update does not say which Secret it means',
    file: 'controller/change-request.ts',
    find: '        namespace,\n        uid,\n        labels: { [MANAGED_BY_LABEL]: MANAGED_BY },',
    replace: '        namespace,\n        labels: { [MANAGED_BY_LABEL]: MANAGED_BY },',
  },
  {
    name: 'the answer to a status swallows a deletion',
    file: 'controller/status-writer.ts',
    find: 'if (before !== undefined && after !== undefined && credentialChanged(before, after)) changed(before, after);',
    replace:
      'if (before === undefined && after !== undefined && credentialChanged(after, after)) changed(after, after);',
  },
  {
    name: 'a write does not ask whether this replica leads',
    file: 'replica.ts',
    find: 'config.leaderElect ? new LeaderOnlyClient(client, election) : client;',
    replace: 'config.leaderElect && !LeaderOnlyClient ? client : client;',
  },
  {
    name: 'a term does not end at its deadline',
    file: 'kube/lease-election.ts',
    find: 'const RENEW_DEADLINE = 10_000;',
    replace: 'const RENEW_DEADLINE = 40_000;',
  },
  {
    name: 'the finalizer goes before all is undone',
    file: 'controller/credential-loop.ts',
    find: 'if (rollouts.isPending(name)) return touch(name);',
    replace: '',
  },
  {
    name: 'the label that keeps a ServiceAccount out is ignored',
    file: 'core/selection.ts',
    find: '  if (isKeptOut(labels)) return false;\n',
    replace: '',
  },
  {
    name: 'a Secret that was handed over is deleted',
    file: 'core/secret-decision.ts',
    find: "const kind = isHandedOver(observed) ? 'ReleaseSecret' : 'DeleteSecret';",
    replace:
      "const kind = isHandedOver(observed) && observed.terminating ? 'ReleaseSecret' : 'DeleteSecret';",
  },
  {
    name: 'references point at a foreign Secret',
    file: 'core/secret-decision.ts',
    find: "    return { references: 'detach', failure: foreignSecret(place) };",
    replace: "    return { references: 'attach', failure: foreignSecret(place) };",
  },
  {
    name: 'ServiceAccounts are touched before there is a login',
    file: 'core/secret-decision.ts',
    find: "? { references: 'keep', failure: noLoginYet(), merged }",
    replace: "? { references: 'attach', failure: noLoginYet(), merged }",
  },
  {
    name: 'a source that fails takes its login with it',
    file: 'controller/last-known-good.ts',
    find: 'return state(spec, previous, servers, undefined, { state: outcome[previous.state], message });',
    replace:
      "return state(spec, { state: 'absent' }, servers, undefined, { state: outcome[previous.state], message });",
  },
  {
    name: 'a malformed source is quoted in status',
    file: 'core/docker-config.ts',
    find: 'return { ok: false, message: \'not a JSON object with an object "auths"\' };',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is code
    replace: 'return { ok: false, message: `not a JSON object with an object "auths": ${text}` };',
  },
  {
    name: 'an undo does not wait for a Secret that has to stay',
    file: 'controller/namespace-loop.ts',
    find: 'undoHeldBack.has(view.name)',
    replace: "undoHeldBack.has('')",
  },
  {
    name: 'the finalizers of others are dropped',
    file: 'controller/credential-loop.ts',
    find: '[...record.finalizers, FINALIZER]',
    replace: '[FINALIZER]',
  },
  {
    name: 'a login that a webhook quotes is not masked',
    file: 'controller/learned.ts',
    find: 'for (const secret of secrets) this.#redactor.learn(secret);',
    replace: '',
  },
  {
    name: 'a Secret that is being deleted is deleted for ever',
    file: 'core/secret-decision.ts',
    find: "return observed.terminating && kind === 'DeleteSecret'",
    replace: "return observed.terminating && kind !== 'DeleteSecret'",
  },
  {
    name: 'a bad entry takes its last good form with it',
    file: 'controller/last-known-good.ts',
    find: 'without.flatMap(one => lastGood(one, previous) ?? []);',
    replace: 'without.flatMap(one => lastGood(one, previous) ?? []).slice(0, 0);',
  },
  {
    name: 'a login that is rejected goes out',
    file: 'controller/verified-logins.ts',
    find: "reason === 'PullDenied') return 'refused'",
    replace: "reason === 'PullDenied') return 'free'",
  },
  {
    name: 'a login goes out before its registry has answered',
    file: 'controller/verified-logins.ts',
    find: "verification.isHeld(tried)) return 'waiting'",
    replace: "verification.isHeld(tried)) return 'free'",
  },
  {
    name: 'what went from the spec takes the Secret with it while another login waits',
    file: 'controller/verified-logins.ts',
    find: 'states.map(heldOpen) : states',
    replace: 'states : states',
  },
  {
    name: 'a fight that has to wait is not taken up again',
    file: 'controller/namespace-loop.ts',
    find: 'return after === Infinity ? run : { ...run, after };',
    replace: 'return after !== 0 ? run : { ...run, after };',
  },
  {
    name: 'what was kept is not read after a restart',
    file: 'controller/kept-secret.ts',
    find: 'return kept.registries.map(registry => registry && remembered(registry));',
    replace: 'return kept.registries.slice(0, 0).map(registry => registry && remembered(registry));',
  },
  {
    name: 'what is kept outlives a RegistryCredential that goes while no operator runs',
    file: 'controller/kept-logins.ts',
    find: 'for (const secret of this.#context.world.sources.all()) this.changed(undefined, secret);',
    replace: '',
  },
  {
    name: 'what is kept is not that of the last change',
    file: 'controller/kept-logins.ts',
    find: 'if (observed?.data[KEPT_KEY] !== content) {',
    replace: 'if (observed === undefined) {',
  },
  {
    name: 'what is kept is of nobody any more while its RegistryCredential is being deleted',
    file: 'controller/kept-logins.ts',
    find: 'if (credential === undefined || record === undefined) return',
    replace: 'if (credential === undefined || record === undefined || record.deleted) return',
  },
];
