package blackhole.shell.gogo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.jline.utils.NonBlockingPumpInputStream;
import org.junit.jupiter.api.Test;

class LineInputTest {
  @Test
  void aLineThatHasEndedLeavesTheInputToTheNext() throws Exception {
    InputStream typed = new ByteArrayInputStream(new byte[] {1, 2, 3});
    LineInput line = new LineInput(typed);

    line.end();

    assertThat(line.read(ByteBuffer.allocate(8))).isEqualTo(-1);
    assertThat(new LineInput(typed).read(ByteBuffer.allocate(8))).isEqualTo(3);
  }

  @Test
  void theEndWaitsForWhoStillReadsAndTakesNothing() throws Exception {
    NonBlockingPumpInputStream typed = new NonBlockingPumpInputStream();
    CountDownLatch reads = new CountDownLatch(1);
    LineInput line =
        new LineInput(
            new InputStream() {
              @Override
              public int read() throws IOException {
                reads.countDown();
                return typed.read();
              }
            });
    FutureTask<Integer> command = new FutureTask<>(() -> line.read(ByteBuffer.allocate(1)));
    Thread thread = new Thread(command, "command");
    thread.start();
    assertThat(reads.await(60, TimeUnit.SECONDS)).isTrue();

    line.end();
    typed.getOutputStream().write('x');

    thread.join(TimeUnit.SECONDS.toMillis(60));
    assertThat(command).isDone();
    assertThat(typed.available()).isEqualTo(1);
  }
}
