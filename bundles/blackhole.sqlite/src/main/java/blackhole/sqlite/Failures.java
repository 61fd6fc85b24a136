package blackhole.sqlite;

import org.jspecify.annotations.Nullable;

/** Words a database's failures as those of the service that keeps it. */
@FunctionalInterface
public interface Failures {
  /** Why something was not done. */
  enum Kind {
    /** The caller's time was over before it began. */
    TIMED_OUT,
    /** No connection became free in time. */
    OVERLOADED,
    /** The disk has no room. */
    DISK_FULL,
    /** The database is closed, or is about to be. */
    STOPPING,
    /** Locked by another process for too long, damaged, or not readable. */
    UNAVAILABLE
  }

  /**
   * @param message fit to be shown to a caller
   * @param cause null if nothing broke
   */
  RuntimeException of(Kind kind, String message, @Nullable Throwable cause);
}
