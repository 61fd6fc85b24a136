package blackhole.orchestrator.supervision;

/** What a process is made to end with, from the gentlest on. */
enum Escalation {
  /** It is asked over the control stream to finish its calls and exit, or does so by itself. */
  DRAIN,
  /** SIGTERM. */
  TERMINATE,
  /** SIGKILL. */
  KILL
}
