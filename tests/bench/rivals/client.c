/// libnm's NMClient and nothing else: what a program pays before it can ask the first question.

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
