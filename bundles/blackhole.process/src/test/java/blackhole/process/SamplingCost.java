package blackhole.process;

import blackhole.api.process.ProcessIdentity;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Says what sampling costs on this machine: to be run by hand, with the numbers of the processes to
 * look at.
 */
final class SamplingCost {
  private static final int WARM_UP = 2000;
  private static final int PASSES = 1000;

  private SamplingCost() {}

  public static void main(String[] args) {
    LinuxProcessLauncher launcher = new LinuxProcessLauncher();
    LinuxProcessSampler sampler = new LinuxProcessSampler();
    List<ProcessIdentity> processes = new ArrayList<>();
    for (String pid : args) {
      processes.add(launcher.find(Long.parseLong(pid)).orElseThrow());
    }
    PrintStream out = System.out;
    Runnable quick = () -> processes.forEach(sampler::sample);
    Runnable pss = () -> processes.forEach(sampler::pssBytes);
    time(quick, WARM_UP);
    out.println("first passes of a cold JVM are dearer; after " + WARM_UP + " of them:");
    out.printf("%d processes: %d us a pass%n", processes.size(), time(quick, PASSES));
    time(pss, PASSES / 100);
    out.printf("their PSS: %d us a pass%n", time(pss, PASSES / 100));
  }

  /** Microseconds each. */
  private static long time(Runnable pass, int times) {
    long begin = System.nanoTime();
    for (int i = 0; i < times; i++) {
      pass.run();
    }
    return TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - begin) / times;
  }
}
