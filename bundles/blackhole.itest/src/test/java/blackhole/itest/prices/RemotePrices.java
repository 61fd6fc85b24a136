package blackhole.itest.prices;

import blackhole.itest.prices.v1.GetPriceRequest;
import blackhole.itest.prices.v1.PricesGrpc;
import blackhole.itest.prices.v1.PricesGrpc.PricesBlockingStub;
import blackhole.itest.prices.v1.SetPriceRequest;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** What the monolith has instead of the module: says statuses as the module's exceptions again. */
public final class RemotePrices implements Prices {
  private final Channel channel;
  private final Duration timeout;

  /**
   * @param timeout of a call: a module was always there, a process may not be
   */
  public RemotePrices(Channel channel, Duration timeout) {
    this.channel = channel;
    this.timeout = timeout;
  }

  private PricesBlockingStub prices() {
    return PricesGrpc.newBlockingStub(channel)
        .withWaitForReady()
        .withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public long of(String article) {
    try {
      return prices().getPrice(GetPriceRequest.newBuilder().setArticle(article).build()).getCents();
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() == Status.Code.NOT_FOUND) {
        throw new UnknownArticleException(article);
      }
      throw e;
    }
  }

  @Override
  public void set(String article, long cents) {
    var unused =
        prices().setPrice(SetPriceRequest.newBuilder().setArticle(article).setCents(cents).build());
  }
}
