package io.meshagent.it.programs;

import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import java.io.File;
import java.io.FileInputStream;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/**
 * Channels to a target where nobody listens: {@code plain}, {@code tls}, {@code mutual} with a
 * certificate of their own, {@code stranger} with an authority that no certificate has, {@code
 * distrusting} with no trust in the test's authority. Over okhttp all but {@code mutual}. For one
 * thread.
 */
final class TlsChannels {

  private static final String HOST = "localhost";
  private static final int NOBODY = 1;

  private final String transport;
  private final File pems;

  TlsChannels(String transport, File pems) {
    this.transport = transport;
    this.pems = pems;
  }

  ManagedChannel channel(String kind) throws Exception {
    ManagedChannelBuilder<?> builder = transport.equals("okhttp") ? okhttp(kind) : netty(kind);
    if (kind.equals("plain")) {
      builder.usePlaintext();
    }
    if (kind.equals("stranger")) {
      builder.overrideAuthority("stranger.example");
    }
    return builder.build();
  }

  private ManagedChannelBuilder<?> netty(String kind) throws Exception {
    NettyChannelBuilder builder = NettyChannelBuilder.forAddress(HOST, NOBODY);
    if (!kind.equals("plain") && !kind.equals("distrusting")) {
      SslContextBuilder context =
          GrpcSslContexts.forClient().trustManager(new File(pems, "authority.pem"));
      if (kind.equals("mutual")) {
        context.keyManager(new File(pems, "client.pem"), new File(pems, "client-key.pem"));
      }
      builder.sslContext(context.build());
    }
    return builder;
  }

  /**
   * A program for all transports is compiled without this one. Not by getMethod: that would load
   * the types of all methods, and one is in an optional library.
   */
  private ManagedChannelBuilder<?> okhttp(String kind) throws Exception {
    try {
      Class<?> type = Class.forName("io.grpc.okhttp.OkHttpChannelBuilder");
      MethodHandles.Lookup lookup = MethodHandles.publicLookup();
      Object builder =
          lookup
              .findStatic(type, "forAddress", MethodType.methodType(type, String.class, int.class))
              .invoke(HOST, NOBODY);
      if (!kind.equals("plain") && !kind.equals("distrusting")) {
        lookup
            .findVirtual(
                type, "sslSocketFactory", MethodType.methodType(type, SSLSocketFactory.class))
            .invoke(builder, trusting());
      }
      return (ManagedChannelBuilder<?>) builder;
    } catch (Exception | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private SSLSocketFactory trusting() throws Exception {
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    try (InputStream pem = new FileInputStream(new File(pems, "authority.pem"))) {
      trusted.setCertificateEntry(
          "authority", CertificateFactory.getInstance("X.509").generateCertificate(pem));
    }
    TrustManagerFactory managers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    return context.getSocketFactory();
  }
}
