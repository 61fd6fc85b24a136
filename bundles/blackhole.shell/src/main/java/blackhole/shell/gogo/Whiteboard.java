package blackhole.shell.gogo;

import java.util.ArrayList;
import java.util.List;
import org.apache.felix.gogo.runtime.CommandProxy;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.Converter;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTracker;

/**
 * Offers what other bundles bring: services with the properties {@code osgi.command.scope} and
 * {@code osgi.command.function}, as Gogo's own activator would, and converters.
 */
final class Whiteboard implements AutoCloseable {
  private final ServiceTracker<Object, List<CommandProxy>> commands;
  private final ServiceTracker<Converter, Converter> converters;

  Whiteboard(BundleContext context, GogoRuntime runtime) {
    commands = new CommandTracker(context, runtime);
    converters = new ConverterTracker(context, runtime);
  }

  void open() {
    commands.open();
    converters.open();
  }

  @Override
  public void close() {
    commands.close();
    converters.close();
  }

  private static final class CommandTracker extends ServiceTracker<Object, List<CommandProxy>> {
    private final GogoRuntime runtime;

    CommandTracker(BundleContext context, GogoRuntime runtime) {
      super(context, filter(), null);
      this.runtime = runtime;
    }

    private static org.osgi.framework.Filter filter() {
      try {
        return FrameworkUtil.createFilter(
            "(&("
                + CommandProcessor.COMMAND_SCOPE
                + "=*)("
                + CommandProcessor.COMMAND_FUNCTION
                + "=*))");
      } catch (InvalidSyntaxException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public List<CommandProxy> addingService(ServiceReference<Object> reference) {
      List<CommandProxy> proxies = new ArrayList<>();
      for (String function : functions(reference)) {
        CommandProxy proxy = new CommandProxy(context, reference, function);
        runtime.add(scope(reference), function, proxy);
        proxies.add(proxy);
      }
      return proxies;
    }

    @Override
    public void removedService(ServiceReference<Object> reference, List<CommandProxy> proxies) {
      List<String> functions = functions(reference);
      for (int i = 0; i < Math.min(functions.size(), proxies.size()); i++) {
        runtime.remove(scope(reference), functions.get(i), proxies.get(i));
      }
    }

    private static String scope(ServiceReference<?> reference) {
      return String.valueOf(reference.getProperty(CommandProcessor.COMMAND_SCOPE));
    }

    private static List<String> functions(ServiceReference<?> reference) {
      Object property = reference.getProperty(CommandProcessor.COMMAND_FUNCTION);
      List<String> functions = new ArrayList<>();
      if (property instanceof Object[] several) {
        for (Object function : several) {
          functions.add(String.valueOf(function));
        }
      } else {
        functions.add(String.valueOf(property));
      }
      return functions;
    }
  }

  private static final class ConverterTracker extends ServiceTracker<Converter, Converter> {
    private final GogoRuntime runtime;

    ConverterTracker(BundleContext context, GogoRuntime runtime) {
      super(context, Converter.class, null);
      this.runtime = runtime;
    }

    @Override
    public Converter addingService(ServiceReference<Converter> reference) {
      Converter converter = context.getService(reference);
      runtime.add(converter);
      return converter;
    }

    @Override
    public void removedService(ServiceReference<Converter> reference, Converter converter) {
      runtime.remove(converter);
      context.ungetService(reference);
    }
  }
}
