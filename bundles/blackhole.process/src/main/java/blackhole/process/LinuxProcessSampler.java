package blackhole.process;

import blackhole.api.process.MachineMemory;
import blackhole.api.process.ProcessIdentity;
import blackhole.api.process.ProcessSample;
import blackhole.api.process.ProcessSampler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * Measures by {@code /proc} and {@code /sys/fs/cgroup}: a handful of small files a look.
 *
 * <p>Whatever else is read is read before {@code /proc/PID/stat}: who has the number and the start
 * time then also had the number when the rest was read, so a stranger's numbers are never taken for
 * the process's own.
 */
@Component
public final class LinuxProcessSampler implements ProcessSampler {
  private static final int BYTES_PER_KIB = 1024;

  private final Path proc;
  private final boolean kernels;
  private final ProcFs procFs;
  private final KernelUnits units = KernelUnits.read();
  private final ProcReader files = new ProcReader();
  private final CgroupReader cgroups;

  @Activate
  public LinuxProcessSampler() {
    this(Path.of("/proc"), true);
  }

  /**
   * For tests, with a folder laid out like {@code /proc}.
   *
   * @param kernels whether it is the kernel's own
   */
  LinuxProcessSampler(Path proc, boolean kernels) {
    this.proc = proc;
    this.kernels = kernels;
    this.procFs = new ProcFs(proc);
    this.cgroups = new CgroupReader(proc, files);
  }

  @Override
  public Optional<ProcessSample> sample(ProcessIdentity process) {
    OptionalInt openFds = openFds(process.pid());
    if (openFds.isEmpty()) {
      return Optional.empty();
    }
    var cgroup = cgroups.counters(process.pid());
    return stat(process)
        .map(
            stat ->
                new ProcessSample(
                    units.bytes(stat.rssPages()),
                    units.time(stat.cpuTicks()),
                    openFds.getAsInt(),
                    stat.threads(),
                    cgroup));
  }

  @Override
  public OptionalLong pssBytes(ProcessIdentity process) {
    OptionalLong kibibytes = files.number(file(process.pid(), "smaps_rollup"), "Pss:");
    return kibibytes.isPresent() && stat(process).isPresent()
        ? OptionalLong.of(kibibytes.getAsLong() * BYTES_PER_KIB)
        : OptionalLong.empty();
  }

  @Override
  public Optional<MachineMemory> machineMemory() {
    Path meminfo = proc.resolve("meminfo");
    OptionalLong available = files.number(meminfo, "MemAvailable:");
    OptionalLong total = files.number(meminfo, "MemTotal:");
    return available.isPresent() && total.isPresent()
        ? Optional.of(
            new MachineMemory(
                available.getAsLong() * BYTES_PER_KIB, total.getAsLong() * BYTES_PER_KIB))
        : Optional.empty();
  }

  /** Of exactly this process, if it has not ended. */
  private Optional<ProcessStat> stat(ProcessIdentity process) {
    try {
      return ProcessStat.parse(files.text(file(process.pid(), "stat")))
          .filter(stat -> !stat.ended() && stat.startTicks() == process.startTicks());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Since Linux 6.2 the size of the folder is their number; before, it is 0. */
  private OptionalInt openFds(long pid) {
    try {
      long size = Files.size(file(pid, "fd"));
      return kernels && size > 0 ? OptionalInt.of(Math.toIntExact(size)) : procFs.openFiles(pid);
    } catch (IOException e) {
      return OptionalInt.empty();
    }
  }

  private Path file(long pid, String name) {
    return proc.resolve(Long.toString(pid)).resolve(name);
  }
}
