package blackhole.process;

import blackhole.api.process.LimitState;

/**
 * How an attempt to enforce a limit went.
 *
 * @param words by what it is enforced, or why it is not
 */
record Outcome(boolean enforced, String words) {
  static Outcome done(String how) {
    return new Outcome(true, how);
  }

  static Outcome failed(String reason) {
    return new Outcome(false, reason);
  }

  LimitState state(LimitState.Kind kind) {
    return enforced ? LimitState.enforced(kind, words) : LimitState.notEnforced(kind, words);
  }
}
