package blackhole.host;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.control.v1.Sample;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** This JVM measures itself. */
class JvmMeterTest {
  private final JvmMeter meter = new JvmMeter();

  @Test
  void knowsTheHeap() {
    Sample sample = meter.sample();
    assertThat(sample.getHeapUsedBytes()).isPositive();
    assertThat(sample.getHeapMaxBytes()).isEqualTo(Runtime.getRuntime().maxMemory());
    assertThat(sample.getMetaspaceBytes()).isGreaterThan(1 << 20);
  }

  @Test
  void knowsWhatACollectionLeaves() {
    byte[] kept = new byte[32 << 20];
    long collectionsBefore = meter.sample().getGcCount();

    System.gc();

    Sample sample = meter.sample();
    assertThat(sample.getGcCount()).isGreaterThan(collectionsBefore);
    assertThat(sample.getGcTimeMillis()).isPositive();
    assertThat(sample.hasHeapAfterGcBytes()).isTrue();
    assertThat(sample.getHeapAfterGcBytes())
        .isBetween((long) kept.length, sample.getHeapMaxBytes());
    Reference.reachabilityFence(kept);
  }

  @Test
  void countsDirectBuffers() {
    long before = meter.sample().getDirectBytes();
    ByteBuffer kept = ByteBuffer.allocateDirect(5 << 20);
    assertThat(meter.sample().getDirectBytes() - before).isGreaterThanOrEqualTo(kept.capacity());
    Reference.reachabilityFence(kept);
  }

  @Test
  void countsThreads() {
    assertThat(meter.sample().getThreads()).isGreaterThan(2);
  }

  @Test
  void countsVirtualThreadsWhereTheJvmDoes() {
    assertThat(meter.sample().hasVirtualThreads()).isEqualTo(Runtime.version().feature() >= 24);
  }
}
