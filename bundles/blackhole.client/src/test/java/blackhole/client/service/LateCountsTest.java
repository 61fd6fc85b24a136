package blackhole.client.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.grpc.Attributes;
import io.grpc.ClientStreamTracer;
import io.grpc.ClientStreamTracer.StreamInfo;
import io.grpc.EquivalentAddressGroup;
import io.grpc.LoadBalancer.PickResult;
import io.grpc.LoadBalancer.Subchannel;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LateCountsTest {
  private static final Subchannel CONNECTION =
      new Subchannel() {
        @Override
        public void shutdown() {}

        @Override
        public void requestConnection() {}

        @Override
        public List<EquivalentAddressGroup> getAllAddresses() {
          return List.of();
        }

        @Override
        public Attributes getAttributes() {
          return Attributes.EMPTY;
        }
      };

  /** Counts as outlier detection does, where there is something to count by. */
  private static final class Counting extends ClientStreamTracer.Factory {
    private final @Nullable List<Status> counted;

    Counting(@Nullable List<Status> counted) {
      this.counted = counted;
    }

    @Override
    public ClientStreamTracer newClientStreamTracer(StreamInfo info, Metadata headers) {
      return new ClientStreamTracer() {
        @Override
        public void streamClosed(Status status) {
          Objects.requireNonNull(counted).add(status);
        }
      };
    }
  }

  private static ClientStreamTracer call(@Nullable List<Status> counted) {
    PickResult pick =
        LateCounts.tolerated(PickResult.withSubchannel(CONNECTION, new Counting(counted)));
    assertThat(pick.getSubchannel()).isSameAs(CONNECTION);
    ClientStreamTracer.Factory factory = Objects.requireNonNull(pick.getStreamTracerFactory());
    return factory.newClientStreamTracer(StreamInfo.newBuilder().build(), new Metadata());
  }

  @Test
  void aCallWhoseAddressHasLeftEndsAsItEnded() {
    assertThatCode(() -> call(null).streamClosed(Status.OK)).doesNotThrowAnyException();
  }

  @Test
  void allOthersAreCounted() {
    List<Status> counted = new ArrayList<>();
    call(counted).streamClosed(Status.UNAVAILABLE);
    assertThat(counted).containsExactly(Status.UNAVAILABLE);
  }

  @Test
  void whatIsNotCountedStaysAsItIs() {
    PickResult uncounted = PickResult.withSubchannel(CONNECTION);
    assertThat(LateCounts.tolerated(uncounted)).isSameAs(uncounted);
    assertThat(LateCounts.tolerated(PickResult.withNoResult())).isSameAs(PickResult.withNoResult());
  }
}
