#pragma once

#include <gio/gio.h>

#include <memory>

/// Owners for every handle of GLib that csnet holds.
namespace csnet::dbus {

template <auto Free>
struct Deleter {
  template <class T>
  void operator()(T* handle) const noexcept {
    Free(handle);
  }
};

template <class T>
using ObjectPtr = std::unique_ptr<T, Deleter<g_object_unref>>;
using VariantPtr = std::unique_ptr<GVariant, Deleter<g_variant_unref>>;
using ErrorPtr = std::unique_ptr<GError, Deleter<g_error_free>>;
using StringPtr = std::unique_ptr<char, Deleter<g_free>>;
using StringsPtr = std::unique_ptr<char*, Deleter<g_strfreev>>;
using KeyFilePtr = std::unique_ptr<GKeyFile, Deleter<g_key_file_unref>>;
using ContextPtr = std::unique_ptr<GMainContext, Deleter<g_main_context_unref>>;

/// For the out argument of a call: `g_thing(..., Out(error))` fills `error` when the statement ends.
template <class Ptr>
class Out {
 public:
  explicit Out(Ptr& target) : target_(target) {}
  ~Out() { target_.reset(handle_); }
  Out(const Out&) = delete;
  Out& operator=(const Out&) = delete;
  operator typename Ptr::pointer *() noexcept {
    return &handle_;
  }  // NOLINT(google-explicit-constructor)

 private:
  Ptr& target_;
  typename Ptr::pointer handle_ = nullptr;
};

/// Takes ownership of a variant, floating or not.
inline VariantPtr take(GVariant* variant) {
  return VariantPtr(variant == nullptr ? nullptr : g_variant_take_ref(variant));
}

}  // namespace csnet::dbus
