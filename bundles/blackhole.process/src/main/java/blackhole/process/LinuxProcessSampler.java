package blackhole.process;

import blackhole.api.process.ProcessIdentity;
import blackhole.api.process.ProcessSample;
import blackhole.api.process.ProcessSampler;
import java.util.Optional;
import java.util.OptionalInt;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Measures by {@code /proc}: one file and one folder a look. */
@Component
public final class LinuxProcessSampler implements ProcessSampler {
  private final ProcFs procFs = new ProcFs();
  private final KernelUnits units = KernelUnits.read();

  @Activate
  public LinuxProcessSampler() {}

  @Override
  public Optional<ProcessSample> sample(ProcessIdentity process) {
    OptionalInt openFiles = procFs.openFiles(process.pid());
    if (openFiles.isEmpty()) {
      return Optional.empty();
    }
    // looked at last: who has this number now also had it when its files were counted
    return procFs.stat(process).map(stat -> sample(stat, openFiles.getAsInt()));
  }

  private ProcessSample sample(ProcessStat stat, int openFiles) {
    return new ProcessSample(
        units.bytes(stat.rssPages()), units.time(stat.cpuTicks()), openFiles, stat.threads());
  }
}
