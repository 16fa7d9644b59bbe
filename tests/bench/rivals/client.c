/// libnm's NMClient alone: the cost for a program before it can send its first request.

#include <NetworkManager.h>

int main(void) {
  GError* error = NULL;
  NMClient* client = nm_client_new(NULL, &error);
  if (client == NULL) {
    g_printerr("%s\n", error->message);
    return 1;
  }
  g_object_unref(client);
  return 0;
}
