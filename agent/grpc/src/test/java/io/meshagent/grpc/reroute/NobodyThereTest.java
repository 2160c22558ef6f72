package io.meshagent.grpc.reroute;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class NobodyThereTest {

  static Stream<Throwable> nobody() {
    return Stream.of(
        new ConnectException("Connection refused"),
        new NoRouteToHostException("No route to host"),
        // As Netty wraps them.
        new ConnectException("Connection refused: localhost/127.0.0.1:1") {},
        new IllegalStateException(new IOException(new ConnectException("refused"))));
  }

  static Stream<Throwable> somebody() {
    return Stream.of(
        new SSLHandshakeException("unable to find valid certification path"),
        new IOException("Connection reset by peer"),
        new IllegalStateException("http2 exception"));
  }

  @ParameterizedTest
  @MethodSource("nobody")
  void tells_the_directory_that_nobody_listens(Throwable cause) {
    assertThat(NobodyThere.isSaidBy(cause)).isTrue();
  }

  @ParameterizedTest
  @MethodSource("somebody")
  void keeps_to_itself_that_it_does_not_get_on_with_who_does(Throwable cause) {
    assertThat(NobodyThere.isSaidBy(cause)).isFalse();
  }

  @Test
  void takes_no_cause_and_causes_in_a_circle() {
    Exception one = new Exception("one");
    Exception other = new Exception("other", one);
    one.initCause(other);
    assertThat(NobodyThere.isSaidBy(one)).isFalse();
    assertThat(NobodyThere.isSaidBy(null)).isFalse();
  }
}
