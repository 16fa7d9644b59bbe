#pragma once

#include "convert.hpp"

#include <csnet/session.hpp>
#include <csnet/session_options.hpp>
#include <csnet/transaction.hpp>

#include <functional>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

namespace csnet::python {

/// A Session that can be closed, also while another thread is in a call: that call ends first.
class ClosableSession {
 public:
  explicit ClosableSession(const SessionOptions& options) {
    const py::gil_scoped_release no_gil;
    session_ = std::make_shared<Session>(options);
  }
  ClosableSession(const ClosableSession&) = delete;
  ClosableSession& operator=(const ClosableSession&) = delete;
  ~ClosableSession() { close(); }

  void close() {
    std::shared_ptr<Session> last = std::move(session_);
    const py::gil_scoped_release no_gil;
    last.reset();
  }

  /// Makes the call without the GIL. The pointer is copied with the GIL, and released without it,
  /// because the release of the last copy waits for the bus.
  template <class Call>
  auto call(Call&& make) {
    if (!session_) {
      throw Error(ErrorKind::invalid, "Session", "it is closed",
                  "call it inside `with csnet.Session() as session:`");
    }
    std::shared_ptr<Session> session = session_;
    const py::gil_scoped_release no_gil;
    const std::shared_ptr<Session> in_use = std::move(session);
    return make(*in_use);
  }

 private:
  std::shared_ptr<Session> session_;
};

inline std::string which_of(py::handle value, const char* method) {
  return string(value, {.name = method});
}

/// Wraps a Python callable that C++ calls and destroys while the GIL is released.
template <class Result, class... Arguments>
std::function<Result(Arguments...)> callback(py::object callable, const Where& where) {
  if (PyCallable_Check(callable.ptr()) == 0) refuse(where, callable, "callable");
  const std::shared_ptr<py::object> kept(new py::object(std::move(callable)), [](py::object* last) {
    const py::gil_scoped_acquire gil;
    delete last;  // NOLINT(cppcoreguidelines-owning-memory)
  });
  return [kept](Arguments... arguments) -> Result {
    const py::gil_scoped_acquire gil;
    const py::object result = (*kept)(to_python(arguments)...);
    if constexpr (!std::is_void_v<Result>) {
      const int is_true = PyObject_IsTrue(result.ptr());
      if (is_true < 0) throw py::error_already_set();
      return is_true != 0;
    }
  };
}

/// apply(), commit(), rollback() and transaction().
void def_transactions(py::class_<ClosableSession>& cls);

}  // namespace csnet::python
