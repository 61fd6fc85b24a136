package blackhole.orchestrator.usage;

import java.time.Instant;

/** What time it is, for whoever samples. */
interface Clock {
  Clock SYSTEM =
      new Clock() {
        @Override
        public long nanoTime() {
          return System.nanoTime();
        }

        @Override
        public Instant wallTime() {
          return Instant.now();
        }
      };

  /** Monotonic; averages stand on this one. */
  long nanoTime();

  /** The wall clock, to tell people; it may jump. */
  Instant wallTime();
}
