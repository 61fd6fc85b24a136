package blackhole.shell.gogo;

import blackhole.api.shell.LineExecutor;
import blackhole.api.shell.LineResult;
import blackhole.shell.command.Audit;
import blackhole.shell.command.CommandGroup;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.felix.gogo.jline.Converters;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/**
 * Gogo in this process, the orchestrator's or a host's: made when somebody first asks for a line,
 * because most hosts never see one. Thread-safe.
 */
@Component(service = {LineExecutor.class, Shell.class})
public final class Shell implements LineExecutor {
  private final BundleContext context;
  private final Object lock = new Object();

  // guarded by lock
  private final List<CommandGroup> groups = new ArrayList<>();
  private Audit audit = Audit.NONE;
  private @Nullable GogoRuntime runtime;
  private @Nullable Whiteboard whiteboard;

  @Activate
  public Shell(BundleContext context) {
    this.context = context;
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void addGroup(CommandGroup group) {
    synchronized (lock) {
      groups.add(group);
      if (runtime != null) {
        runtime.add(group);
      }
    }
  }

  void removeGroup(CommandGroup group) {
    synchronized (lock) {
      groups.remove(group);
      if (runtime != null) {
        runtime.remove(group);
      }
    }
  }

  /** From before the first line on, changes are told to this one. */
  public void auditBy(Audit listener) {
    synchronized (lock) {
      audit = listener;
    }
  }

  /** Gogo, with all commands there are. */
  public GogoRuntime runtime() {
    synchronized (lock) {
      if (runtime == null) {
        GogoRuntime made = new GogoRuntime(audit);
        // Bundle ids and service filters as arguments; Gogo's own shell would register it
        made.add(new Converters(context));
        groups.forEach(made::add);
        whiteboard = new Whiteboard(context, made);
        whiteboard.open();
        runtime = made;
      }
      return runtime;
    }
  }

  @Override
  public LineResult execute(String line, Path directory) {
    return new GogoLineExecutor(runtime()).execute(line, directory);
  }

  @Deactivate
  void stop() {
    synchronized (lock) {
      if (whiteboard != null) {
        whiteboard.close();
      }
      if (runtime != null) {
        runtime.stop();
      }
    }
  }
}
