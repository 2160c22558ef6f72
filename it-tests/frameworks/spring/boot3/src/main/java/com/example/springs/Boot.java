package com.example.springs;

import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What the greeter takes from Spring Boot 3 by names that other versions do not have. */
@Configuration
class Boot {

  private final Application application;

  Boot(Application application) {
    this.application = application;
  }

  /** Spring gRPC asks it as often as the settings say and tells the gRPC health service. */
  @Bean
  HealthIndicator greeterHealth() {
    return () -> application.isBroken() ? Health.down().build() : Health.up().build();
  }
}
