package blackhole.orchestrator.usage;

import blackhole.api.supervision.JvmUsage;
import blackhole.control.v1.Sample;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** What hosts say of their JVMs, in the words of the API. */
public final class JvmReports {
  private JvmReports() {}

  public static JvmUsage of(Sample sample) {
    return new JvmUsage(
        sample.getHeapUsedBytes(),
        sample.getHeapMaxBytes(),
        sample.hasHeapAfterGcBytes()
            ? OptionalLong.of(sample.getHeapAfterGcBytes())
            : OptionalLong.empty(),
        sample.getMetaspaceBytes(),
        sample.getDirectBytes(),
        sample.getGcCount(),
        Duration.ofMillis(sample.getGcTimeMillis()),
        sample.getThreads(),
        sample.hasVirtualThreads()
            ? OptionalInt.of(sample.getVirtualThreads())
            : OptionalInt.empty());
  }
}
