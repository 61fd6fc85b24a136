package blackhole.endpoint.tls;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.endpoint.LogCapture;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RefusalLogTest {
  private final AtomicLong now = new AtomicLong();
  private final RefusalLog refusals = new RefusalLog(now::get);

  @Test
  void tellsEachPeerAndCauseOnceInAWhile() {
    try (LogCapture log = new LogCapture(RefusalLog.class.getName())) {
      refuse("10.0.0.1", 40001, "it speaks plaintext");
      refuse("10.0.0.1", 40002, "it speaks plaintext");
      refuse("10.0.0.1", 40003, "its certificate has expired");
      refuse("10.0.0.2", 40001, "it speaks plaintext");
      assertThat(log.warnings())
          .containsExactly(
              "refused a connection from 10.0.0.1: it speaks plaintext",
              "refused a connection from 10.0.0.1: its certificate has expired",
              "refused a connection from 10.0.0.2: it speaks plaintext");

      now.set(RefusalLog.REPEAT_NANOS - 1);
      refuse("10.0.0.1", 40004, "it speaks plaintext");
      assertThat(log.warnings()).hasSize(3);
      now.set(RefusalLog.REPEAT_NANOS);
      refuse("10.0.0.1", 40005, "it speaks plaintext");
      assertThat(log.warnings()).hasSize(4);
    }
  }

  @Test
  void manyPeersDoNotFillTheLog() {
    try (LogCapture log = new LogCapture(RefusalLog.class.getName())) {
      for (int i = 0; i < 10 * RefusalLog.MAX_TOLD; i++) {
        refuse("10.1." + i / 256 + "." + i % 256, 40000, "it speaks plaintext");
      }
      assertThat(log.warnings()).hasSize(RefusalLog.MAX_TOLD);

      now.set(RefusalLog.REPEAT_NANOS);
      refuse("10.0.0.1", 40000, "it speaks plaintext");
      assertThat(log.warnings()).hasSize(RefusalLog.MAX_TOLD + 1);
    }
  }

  private void refuse(String address, int port, String cause) {
    refusals.refused(new InetSocketAddress(address, port), cause);
  }
}
