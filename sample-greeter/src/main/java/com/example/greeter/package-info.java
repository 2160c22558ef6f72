/**
 * A gRPC server and client as many companies have them: hard-coded address, no discovery, no
 * retries, no metrics. Uses gRPC's public API only and knows of nothing else.
 */
package com.example.greeter;
