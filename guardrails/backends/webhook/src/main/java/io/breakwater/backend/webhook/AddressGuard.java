package io.breakwater.backend.webhook;

import static java.util.Objects.requireNonNull;

import com.linecorp.armeria.client.ClientFactoryBuilder;
import com.linecorp.armeria.client.ClientFactoryOptions;
import io.breakwater.engine.backend.AddressRule;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks an {@link AddressRule} about every address right before a client connects to it, after names
 * were resolved: what DNS says at another time does not matter.
 */
public final class AddressGuard extends ChannelOutboundHandlerAdapter {
  private final Supplier<AddressRule> rule;

  private AddressGuard(Supplier<AddressRule> rule) {
    this.rule = requireNonNull(rule, "rule");
  }

  /** Puts a guard before every connection of the factory. */
  public static void addTo(ClientFactoryBuilder factory, Supplier<AddressRule> rule) {
    factory.option(
        ClientFactoryOptions.CHANNEL_PIPELINE_CUSTOMIZER.newValue(
            pipeline -> {
              ChannelPipeline unused = pipeline.addFirst(new AddressGuard(rule));
            }));
  }

  @Override
  public void connect(
      ChannelHandlerContext context,
      SocketAddress remote,
      @Nullable SocketAddress local,
      ChannelPromise promise) {
    String objection = objection(remote);
    if (objection == null) {
      ChannelFuture unused = context.connect(remote, local, promise);
    } else {
      boolean unused = promise.tryFailure(new ForbiddenAddressException(remote, objection));
    }
  }

  private @Nullable String objection(SocketAddress remote) {
    boolean resolved =
        remote.getClass() == InetSocketAddress.class // its subclasses are no IP addresses
            && !((InetSocketAddress) remote).isUnresolved();
    return resolved
        ? rule.get().objection(((InetSocketAddress) remote).getAddress().getAddress())
        : "not an IP address (expected: one)";
  }

  /** An address that must not be connected to. */
  public static final class ForbiddenAddressException extends IOException {
    private static final long serialVersionUID = 1L;

    ForbiddenAddressException(SocketAddress address, String objection) {
      super(address + " is " + objection);
    }
  }
}
