package blackhole.orchestrator.supervision;

/** How far a host had come. */
enum Phase {
  BEFORE_HANDSHAKE,
  BEFORE_READY,
  READY
}
