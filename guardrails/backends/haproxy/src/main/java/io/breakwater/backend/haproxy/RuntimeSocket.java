package io.breakwater.backend.haproxy;

import io.breakwater.engine.backend.BackendException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * HAProxy's runtime API: one line of commands per connection, which HAProxy closes after its
 * answer. Everything is over by a deadline, on Unix sockets as on TCP.
 */
final class RuntimeSocket {
  private static final int MAX_ANSWER_BYTES = 4 * 1024 * 1024;
  private static final int MAX_COMMAND_BYTES = 15 * 1024; // HAProxy's own is tune.bufsize, 16 KiB

  private final HaproxySettings settings;

  RuntimeSocket(HaproxySettings settings) {
    this.settings = settings;
  }

  /**
   * Sends commands in one round trip and returns all their answers, one after the other.
   *
   * @throws BackendException naming the socket when there is no whole answer in time
   */
  String ask(List<String> commands, Deadline deadline) throws BackendException {
    byte[] line = (String.join(";", commands) + "\n").getBytes(StandardCharsets.US_ASCII);
    if (line.length > MAX_COMMAND_BYTES) {
      throw failure(commands.size() + " commands at once (expected: fewer servers per backend)");
    }
    SocketAddress address = settings.address();
    checkAllowed(address);
    try (SocketChannel channel = open(address);
        Selector selector = Selector.open()) {
      channel.configureBlocking(false);
      SelectionKey key = channel.register(selector, 0);
      if (!channel.connect(address)) {
        await(selector, key, SelectionKey.OP_CONNECT, deadline);
        channel.finishConnect();
      }
      for (ByteBuffer out = ByteBuffer.wrap(line); out.hasRemaining(); ) {
        if (channel.write(out) == 0) {
          await(selector, key, SelectionKey.OP_WRITE, deadline);
        }
      }
      return readToEnd(channel, selector, key, deadline);
    } catch (SocketTimeoutException e) {
      throw new BackendException(
          prefix() + "no answer within " + deadline.allowed().toMillis() + " ms", e);
    } catch (UnresolvedAddressException | UnknownHostException e) {
      throw new BackendException(prefix() + "unknown host", e);
    } catch (IOException e) {
      throw new BackendException(
          prefix() + e.getMessage() + " (is HAProxy running, and may this user open the socket?)",
          e);
    }
  }

  /** Asks about the very address that is connected to: a name is not looked up again. */
  private void checkAllowed(SocketAddress address) throws BackendException {
    if (address instanceof InetSocketAddress inet && !inet.isUnresolved()) {
      String objection = settings.addresses().objection(inet.getAddress().getAddress());
      if (objection != null) {
        throw failure(inet.getAddress().getHostAddress() + " is " + objection);
      }
    }
  }

  private static SocketChannel open(SocketAddress address) throws IOException {
    return address instanceof UnixDomainSocketAddress
        ? SocketChannel.open(StandardProtocolFamily.UNIX)
        : SocketChannel.open();
  }

  private static String readToEnd(
      SocketChannel channel, Selector selector, SelectionKey key, Deadline deadline)
      throws IOException {
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    ByteBuffer part = ByteBuffer.allocate(16 * 1024);
    for (int n = channel.read(part); n >= 0; n = channel.read(part)) {
      if (n == 0) {
        await(selector, key, SelectionKey.OP_READ, deadline);
      }
      answer.write(part.array(), 0, part.position());
      part.clear();
      if (answer.size() > MAX_ANSWER_BYTES) {
        throw new IOException("answer above " + MAX_ANSWER_BYTES + " bytes");
      }
    }
    return answer.toString(StandardCharsets.UTF_8);
  }

  private static void await(Selector selector, SelectionKey key, int operation, Deadline deadline)
      throws IOException {
    key.interestOps(operation);
    selector.selectedKeys().clear();
    long left = deadline.leftMillis();
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedIOException("interrupted");
    }
    if (left == 0 || selector.select(left) == 0) {
      throw new SocketTimeoutException();
    }
  }

  /** A failure of this socket's HAProxy. */
  BackendException failure(String message) {
    return new BackendException(prefix() + message);
  }

  private String prefix() {
    return "HAProxy at " + settings.socket() + ": ";
  }
}
