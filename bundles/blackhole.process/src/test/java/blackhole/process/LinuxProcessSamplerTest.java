package blackhole.process;

import static blackhole.process.Children.await;
import static blackhole.process.Children.until;
import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.process.MachineMemory;
import blackhole.api.process.ProcessIdentity;
import blackhole.api.process.ProcessSample;
import blackhole.api.process.RunningProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinuxProcessSamplerTest {
  @TempDir Path folder;
  private final LinuxProcessLauncher launcher = new LinuxProcessLauncher();
  private final LinuxProcessSampler sampler = new LinuxProcessSampler();

  @Test
  void theMachineHasMemoryLeft() {
    MachineMemory memory = sampler.machineMemory().orElseThrow();
    assertThat(memory.availableBytes()).isPositive().isLessThan(memory.totalBytes());
  }

  @Test
  void measuresThisJvm() {
    ProcessIdentity self = launcher.find(ProcessHandle.current().pid()).orElseThrow();
    ProcessSample sample = sampler.sample(self).orElseThrow();
    assertThat(sample.rssBytes()).isBetween(10L << 20, 100L << 30);
    assertThat(sample.cpuTime()).isPositive();
    assertThat(sample.threads()).isGreaterThan(5);
    assertThat(sample.openFds()).isGreaterThan(2);
    assertThat(sampler.pssBytes(self).orElseThrow()).isBetween(10L << 20, sample.rssBytes() * 2);
  }

  @Test
  void countsWhatAChildHasOpen() throws Exception {
    try (Children children = new Children(launcher, folder)) {
      Children.Pipe pipe = children.pipe("pipe");
      RunningProcess process =
          children.script("exec 3>pipe 4>&3 5>&3; echo up >&3; exec sleep 600");
      assertThat(pipe.line()).isEqualTo("up");
      // the shell's echo, and then the loader of the next program, have others for a moment
      until(() -> sampler.sample(process.identity()).orElseThrow().openFds() == 6);
      ProcessSample sample = sampler.sample(process.identity()).orElseThrow();
      assertThat(sample.threads()).isEqualTo(1);
      process.kill();
      await(process.onExit());
      assertThat(sampler.sample(process.identity())).isEmpty();
      assertThat(sampler.pssBytes(process.identity())).isEmpty();
    }
  }

  @Test
  void seesWhatAChildTakes() throws Exception {
    try (Children children = new Children(launcher, folder)) {
      Children.Pipe pipe = children.pipe("pipe");
      RunningProcess process =
          children.script(
              "mkfifo go; exec 3>pipe; exec '"
                  + Path.of(System.getProperty("java.home"), "bin", "java")
                  + "' -Xint -XX:+UseSerialGC -Xmx256m -cp '"
                  + System.getProperty("java.class.path")
                  + "' "
                  + LoadMain.class.getName()
                  + " pipe 0<>go");
      assertThat(pipe.line()).as("%s", children.printed()).isEqualTo("up");
      ProcessSample before = sampler.sample(process.identity()).orElseThrow();
      long pssBefore = sampler.pssBytes(process.identity()).orElseThrow();
      Files.writeString(folder.resolve("go"), "go");
      assertThat(pipe.line()).isEqualTo("loaded");

      ProcessSample after = sampler.sample(process.identity()).orElseThrow();
      assertThat(after.threads() - before.threads()).isGreaterThanOrEqualTo(LoadMain.THREADS);
      assertThat(after.openFds() - before.openFds()).isGreaterThanOrEqualTo(LoadMain.FILES);
      assertThat(after.rssBytes() - before.rssBytes()).isGreaterThanOrEqualTo(LoadMain.BYTES);
      assertThat(after.cpuTime()).isGreaterThanOrEqualTo(before.cpuTime()).isPositive();
      assertThat(sampler.pssBytes(process.identity()).orElseThrow() - pssBefore)
          .isGreaterThanOrEqualTo(LoadMain.BYTES);
    }
  }

  @Test
  void filesAreCountedByHandWhereTheKernelDoesNot() throws Exception {
    Path process = Files.createDirectories(folder.resolve("7"));
    Files.createDirectories(process.resolve("fd"));
    Files.createFile(process.resolve("fd").resolve("0"));
    Files.createFile(process.resolve("fd").resolve("1"));
    Files.writeString(
        process.resolve("stat"),
        "7 (x) S 1 7 7 0 -1 0 0 0 0 0 100 50 0 0 20 0 3 0 1000 4096 5 6\n");
    LinuxProcessSampler elsewhere = new LinuxProcessSampler(folder, false);

    ProcessSample sample = elsewhere.sample(new ProcessIdentity(7, 1000)).orElseThrow();
    assertThat(sample.openFds()).isEqualTo(2);
    assertThat(sample.threads()).isEqualTo(3);
    assertThat(sample.cgroup()).isEmpty();
    assertThat(elsewhere.pssBytes(new ProcessIdentity(7, 1000))).as("no such file").isEmpty();
    assertThat(elsewhere.sample(new ProcessIdentity(8, 1000))).isEmpty();
  }

  @Test
  void anotherProcessOfTheSameNumberIsNotMeasured() {
    ProcessIdentity self = launcher.find(ProcessHandle.current().pid()).orElseThrow();
    ProcessIdentity earlier = new ProcessIdentity(self.pid(), self.startTicks() - 1);
    assertThat(sampler.sample(earlier)).isEmpty();
    assertThat(sampler.pssBytes(earlier)).isEmpty();
  }
}
