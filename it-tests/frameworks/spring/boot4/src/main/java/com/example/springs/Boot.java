package com.example.springs;

import org.apache.coyote.UpgradeProtocol;
import org.apache.coyote.http2.Http2Protocol;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

/** What the greeter takes from Spring Boot 4 by names that other versions do not have. */
@Configuration
class Boot {

  private final Application application;

  Boot(Application application) {
    this.application = application;
  }

  @EventListener
  void started(WebServerInitializedEvent event) {
    application.open(event.getWebServer().getPort());
  }

  /** Spring Boot asks it every few seconds and tells the gRPC health service. */
  @Bean
  HealthIndicator greeterHealth() {
    return () -> application.isBroken() ? Health.down().build() : Health.up().build();
  }

  /**
   * Tomcat ends connections on which many small frames come that are not the last of their stream:
   * gRPC's client sends such a one for a request whose end it has not seen yet when it writes, which
   * a cold client on a busy machine often does.
   */
  @Bean
  WebServerFactoryCustomizer<TomcatServletWebServerFactory> smallFramesAreNoAttack() {
    return tomcat ->
        tomcat.addConnectorCustomizers(
            connector -> {
              for (UpgradeProtocol protocol : connector.findUpgradeProtocols()) {
                if (protocol instanceof Http2Protocol) {
                  ((Http2Protocol) protocol).setOverheadDataThreshold(0);
                }
              }
            });
  }
}
