package com.example.springs;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
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
}
