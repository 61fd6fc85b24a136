package blackhole.process;

import blackhole.api.process.AdoptedProcess;
import blackhole.api.process.ProcessGroup;
import blackhole.api.process.ProcessIdentity;
import blackhole.api.process.ProcessLauncher;
import blackhole.api.process.ProcessSpec;
import blackhole.api.process.RunningProcess;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * Starts processes through {@code setsid}, which gives each a session and group of its own and then
 * becomes the program (no process stands between); with limits, through what sets them.
 *
 * <p>A parent-death signal is not asked for: it fires when the thread that forked ends, and hosts
 * are meant to outlive us.
 */
@Component
public final class LinuxProcessLauncher implements ProcessLauncher {
  private static final Logger LOG = System.getLogger(LinuxProcessLauncher.class.getName());
  private static final File NOTHING = new File("/dev/null");

  /** Of a process that had ended before it could be looked at; no process ever has it. */
  private static final long ENDED = -1;

  private final ProcFs procFs = new ProcFs();
  private final Optional<String> setsid;
  private final ProcessTree tree;

  /** Without a thread until something is adopted. */
  private final ScheduledThreadPoolExecutor looks =
      new ScheduledThreadPoolExecutor(1, LinuxProcessLauncher::daemon);

  @Activate
  public LinuxProcessLauncher() {
    this(System.getenv("PATH"));
  }

  /**
   * @param searchPath where {@code setsid} and {@code kill} are looked for
   */
  LinuxProcessLauncher(String searchPath) {
    setsid = Programs.find("setsid", searchPath).map(Path::toString);
    tree = new ProcessTree(procFs, Programs.find("kill", searchPath).map(Path::toString));
    if (setsid.isEmpty()) {
      LOG.log(
          Level.WARNING,
          "no setsid on PATH (it is part of util-linux): hosts share this terminal's process"
              + " group, and a Ctrl-C reaches them too");
    }
  }

  @Override
  public RunningProcess launch(ProcessSpec spec) throws IOException {
    if (!Files.isDirectory(spec.directory())) {
      throw new IOException("no such folder to start in: " + spec.directory());
    }
    Path program =
        Programs.resolve(spec.command().get(0), spec.directory(), spec.environment().get("PATH"));
    Process process = start(spec, program);
    ProcessIdentity identity = identity(process.pid());
    spec.group().ifPresent(group -> group.started(identity));
    return new LaunchedProcess(process, identity, tree, spec.group());
  }

  private Process start(ProcessSpec spec, Path program) throws IOException {
    List<String> command = new ArrayList<>();
    setsid.ifPresent(command::add);
    spec.group().ifPresent(group -> command.addAll(group.prefix()));
    command.add(program.toString());
    command.addAll(spec.command().subList(1, spec.command().size()));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(spec.directory().toFile())
            .redirectInput(Redirect.from(NOTHING))
            .redirectErrorStream(true)
            .redirectOutput(Redirect.appendTo(spec.output().toFile()));
    builder.environment().clear();
    builder.environment().putAll(spec.environment());
    try {
      return builder.start();
    } catch (IOException e) {
      throw LaunchProblem.inWords(program.toString(), e);
    }
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "adopted-processes");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public AdoptedProcess adopt(ProcessIdentity process, ProcessGroup group) {
    FoundProcess found = new FoundProcess(process, procFs, tree, group, looks);
    found.watch();
    return found;
  }

  private ProcessIdentity identity(long pid) {
    return find(pid).orElse(new ProcessIdentity(pid, ENDED));
  }

  @Override
  public Optional<ProcessIdentity> find(long pid) {
    return procFs.stat(pid).map(stat -> new ProcessIdentity(pid, stat.startTicks()));
  }

  @Override
  public Optional<String> environment(ProcessIdentity process, String variable) {
    String prefix = variable + "=";
    Optional<String> value =
        procFs.environment(process.pid()).stream()
            .filter(entry -> entry.startsWith(prefix))
            .map(entry -> entry.substring(prefix.length()))
            .findFirst();
    // looked at last: who has this number now also had it when its environment was read
    return value.filter(found -> procFs.lives(process));
  }

  @Override
  public void kill(ProcessIdentity process) {
    tree.kill(process);
  }

  @Override
  public void terminate(ProcessIdentity process) {
    tree.terminate(process);
  }
}
