package blackhole.endpoint.gate;

import com.google.protobuf.Descriptors;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.protobuf.ProtoFileDescriptorSupplier;
import java.io.InputStream;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * A service without anything of its bundle: its names, its types of methods, and its schema, with
 * bytes for messages. It can outlive the bundle, so it is what reflection and held calls see.
 */
public final class ServiceShape {
  private static final Marshaller<InputStream> BYTES =
      new Marshaller<>() {
        @Override
        public InputStream stream(InputStream value) {
          return value;
        }

        @Override
        public InputStream parse(InputStream stream) {
          return stream;
        }
      };

  private final ServerServiceDefinition definition;
  private final @Nullable Schema schema;

  private ServiceShape(ServerServiceDefinition definition, @Nullable Schema schema) {
    this.definition = definition;
    this.schema = schema;
  }

  /**
   * @param handler of all its methods
   */
  public static ServiceShape of(
      ServiceDescriptor service, ServerCallHandler<InputStream, InputStream> handler) {
    Schema schema =
        service.getSchemaDescriptor() instanceof ProtoFileDescriptorSupplier source
            ? new Schema(source)
            : null;
    ServiceDescriptor.Builder descriptor =
        ServiceDescriptor.newBuilder(service.getName()).setSchemaDescriptor(schema);
    Collection<MethodDescriptor<?, ?>> methods = service.getMethods();
    for (MethodDescriptor<?, ?> method : methods) {
      descriptor.addMethod(method(method.getFullMethodName(), method.getType()));
    }
    ServiceDescriptor made = descriptor.build();
    ServerServiceDefinition.Builder definition = ServerServiceDefinition.builder(made);
    for (MethodDescriptor<?, ?> method : made.getMethods()) {
      definition.addMethod(bytes(method), handler);
    }
    return new ServiceShape(definition.build(), schema);
  }

  private static MethodDescriptor<InputStream, InputStream> method(String name, MethodType type) {
    return MethodDescriptor.newBuilder(BYTES, BYTES).setFullMethodName(name).setType(type).build();
  }

  @SuppressWarnings("unchecked") // made above
  private static MethodDescriptor<InputStream, InputStream> bytes(MethodDescriptor<?, ?> method) {
    return (MethodDescriptor<InputStream, InputStream>) method;
  }

  public String name() {
    return definition.getServiceDescriptor().getName();
  }

  public ServerServiceDefinition definition() {
    return definition;
  }

  public Collection<ServerMethodDefinition<?, ?>> methods() {
    return definition.getMethods();
  }

  /** Makes ready for {@link #detach}, which takes no time then. */
  public void unfold() {
    if (schema != null) {
      schema.unfold();
    }
  }

  /**
   * Lets go of the bundle, while it is still there.
   *
   * @param goesOn whether somebody may ask for the schema after this
   */
  public void detach(boolean goesOn) {
    if (schema != null) {
      schema.detach(goesOn);
    }
  }

  /** Schemas take milliseconds to unfold, and are seldom asked for. */
  private static final class Schema implements ProtoFileDescriptorSupplier {
    private @Nullable ProtoFileDescriptorSupplier source; // guarded by this
    private Descriptors.@Nullable FileDescriptor file; // guarded by this

    Schema(ProtoFileDescriptorSupplier source) {
      this.source = source;
    }

    @Override
    public synchronized Descriptors.FileDescriptor getFileDescriptor() {
      Descriptors.FileDescriptor known = file;
      if (known == null) {
        if (source == null) {
          throw new IllegalStateException("the service is gone");
        }
        known = source.getFileDescriptor();
        file = known;
      }
      return known;
    }

    synchronized void unfold() {
      if (source != null) {
        Descriptors.FileDescriptor unused = getFileDescriptor();
      }
    }

    synchronized void detach(boolean goesOn) {
      if (goesOn) {
        unfold();
      }
      source = null;
    }
  }
}
