package blackhole.shell.command;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.process.ProcessIdentity;
import blackhole.api.process.ProcessSample;
import java.time.Duration;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class CpuMeterTest {
  private final CpuMeter meter = new CpuMeter();
  private final ProcessIdentity process = new ProcessIdentity(1, 1);

  @Test
  void coresAreWhatWasUsedBetweenTwoLooks() {
    assertThat(look(process, 0, 1000)).isEmpty();
    assertThat(look(process, 2000, 2000)).hasValue(0.5);
    assertThat(look(process, 3000, 5000)).hasValue(3.0);
  }

  @Test
  void looksThatFollowEachOtherCloselyShareAnAnswer() {
    look(process, 0, 0);
    assertThat(look(process, 1000, 500)).hasValue(0.5);
    assertThat(look(process, 1100, 510)).hasValue(0.5);
    assertThat(look(process, 2000, 1500)).hasValue(1.0);
  }

  @Test
  void aLaterProcessOfTheSameNumberStartsAnew() {
    look(process, 0, 9000);
    assertThat(look(new ProcessIdentity(1, 2), 1000, 10)).isEmpty();
  }

  private OptionalDouble look(ProcessIdentity id, long atMillis, long cpuMillis) {
    ProcessSample sample = new ProcessSample(1, Duration.ofMillis(cpuMillis), 1, 1);
    return meter.look(id, sample, MILLISECONDS.toNanos(atMillis));
  }
}
