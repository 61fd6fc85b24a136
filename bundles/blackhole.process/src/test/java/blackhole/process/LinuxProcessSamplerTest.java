package blackhole.process;

import static blackhole.process.Children.await;
import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.process.ProcessIdentity;
import blackhole.api.process.ProcessSample;
import blackhole.api.process.RunningProcess;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinuxProcessSamplerTest {
  @TempDir Path folder;
  private final LinuxProcessLauncher launcher = new LinuxProcessLauncher();
  private final LinuxProcessSampler sampler = new LinuxProcessSampler();

  @Test
  void measuresThisJvm() {
    ProcessIdentity self = launcher.find(ProcessHandle.current().pid()).orElseThrow();
    ProcessSample sample = sampler.sample(self).orElseThrow();
    assertThat(sample.rssBytes()).isBetween(10L << 20, 100L << 30);
    assertThat(sample.cpuTime()).isPositive();
    assertThat(sample.threads()).isGreaterThan(5);
    assertThat(sample.openFds()).isGreaterThan(2);
  }

  @Test
  void countsWhatAChildHasOpen() throws Exception {
    try (Children children = new Children(launcher, folder)) {
      Children.Pipe pipe = children.pipe("pipe");
      RunningProcess process =
          children.script("exec 3>pipe 4>&3 5>&3; echo up >&3; exec sleep 600");
      assertThat(pipe.line()).isEqualTo("up");
      ProcessSample sample = sampler.sample(process.identity()).orElseThrow();
      assertThat(sample.openFds()).isGreaterThanOrEqualTo(6);
      assertThat(sample.threads()).isEqualTo(1);
      process.kill();
      await(process.onExit());
      assertThat(sampler.sample(process.identity())).isEmpty();
    }
  }

  @Test
  void anotherProcessOfTheSameNumberIsNotMeasured() {
    ProcessIdentity self = launcher.find(ProcessHandle.current().pid()).orElseThrow();
    assertThat(sampler.sample(new ProcessIdentity(self.pid(), self.startTicks() + 1))).isEmpty();
  }
}
