#pragma once

#include "gobject.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <utility>

/// GLib's asynchronous operations, which run only inside a caller's call.
namespace csnet::dbus {

/// While it exists, GLib completes this thread's asynchronous operations on this context.
class DefaultContext {
 public:
  explicit DefaultContext(GMainContext* context) : context_(context) {
    g_main_context_push_thread_default(context_);
  }
  ~DefaultContext() { g_main_context_pop_thread_default(context_); }
  DefaultContext(const DefaultContext&) = delete;
  DefaultContext& operator=(const DefaultContext&) = delete;

 private:
  GMainContext* context_;
};

/// Operations that are under way. GLib may call back after an exception has left the caller.
/// Therefore ~Pending cancels the operations, and waits for them.
class Pending {
 public:
  explicit Pending(GMainContext* context) : context_(context), cancellable_(g_cancellable_new()) {}
  ~Pending() {
    if (count_ == 0) return;
    g_cancellable_cancel(cancellable_.get());
    while (count_ > 0) g_main_context_iteration(context_, TRUE);
  }
  Pending(const Pending&) = delete;
  Pending& operator=(const Pending&) = delete;

  [[nodiscard]] GCancellable* cancellable() const { return cancellable_.get(); }
  [[nodiscard]] std::size_t count() const { return count_; }

  /// The user data for one operation, whose callback is done(), which calls `finish` with the
  /// reply.
  gpointer begin(std::function<void(GObject*, GAsyncResult*)> finish) {
    ++count_;
    return new Operation{
        this, std::move(finish)};  // NOLINT(cppcoreguidelines-owning-memory): done() deletes it
  }
  static void done(GObject* source, GAsyncResult* result, gpointer data) {
    const std::unique_ptr<Operation> operation(static_cast<Operation*>(data));
    --operation->pending->count_;
    operation->finish(source, result);
  }

 private:
  struct Operation {
    Pending* pending;
    std::function<void(GObject*, GAsyncResult*)> finish;
  };

  GMainContext* context_;
  ObjectPtr<GCancellable> cancellable_;
  std::size_t count_ = 0;
};

}  // namespace csnet::dbus
