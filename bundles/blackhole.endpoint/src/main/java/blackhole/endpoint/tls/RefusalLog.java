package blackhole.endpoint.tls;

import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Tells of refused connections, once for each peer and cause in ten minutes. It keeps no more than
 * so many of them, and while that many are fresh it says nothing of others: a stranger with many
 * addresses must not fill the log, nor the memory. Thread-safe.
 */
final class RefusalLog {
  private static final System.Logger LOG = System.getLogger(RefusalLog.class.getName());

  static final int MAX_TOLD = 256;
  static final long REPEAT_NANOS = TimeUnit.MINUTES.toNanos(10);

  private record Told(String peer, String cause) {}

  private final LongSupplier nanoTime;
  private final Map<Told, Long> told = new LinkedHashMap<>(); // guarded by this, oldest first

  RefusalLog(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  void refused(SocketAddress address, String cause) {
    String peer =
        address instanceof InetSocketAddress internet && internet.getAddress() != null
            ? internet.getAddress().getHostAddress()
            : String.valueOf(address);
    boolean first = isFirst(new Told(peer, cause));
    LOG.log(first ? Level.WARNING : Level.DEBUG, "refused a connection from {0}: {1}", peer, cause);
  }

  private synchronized boolean isFirst(Told refusal) {
    long now = nanoTime.getAsLong();
    told.values().removeIf(since -> now - since >= REPEAT_NANOS);
    if (told.size() >= MAX_TOLD) {
      return false;
    }
    return told.putIfAbsent(refusal, now) == null;
  }
}
